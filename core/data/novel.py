"""Who appears with whom in Victor Hugo's "Les Misérables", and how often.

77 characters and in how many chapters two of them meet, as counted by Knuth ("The Stanford
GraphBase", 1993). The groups are not the novel's: they are what the Louvain method finds in the
weights (Blondel, Guillaume, Lambiotte & Lefebvre 2008), each named after whom it turns around.
"""

# The characters of each group, those who meet most first.
CIRCLES = {
    "Myriel": (
        "Myriel, Mme Magloire, Mlle Baptistine, Count, Champtercier, Countess de Lo, "
        "Cravatte, Géborand, Napoleon, Old man"),
    "Valjean": (
        "Valjean, Marius, Cosette, Javert, Gillenormand, Mlle Gillenormand, Fauchelevent, "
        "Lt Gillenormand, Woman 2, Mother Innocent, Toussaint, Pontmercy, Woman 1, "
        "Baroness T, Gribier, Magnon, Mme Pontmercy, Gervais, Isabeau, Labarre, Mlle "
        "Vaubois, Mme de R, Scaufflaire"),
    "Fantine": (
        "Fantine, Favourite, Tholomyès, Blacheville, Dahlia, Fameuil, Listolier, Zéphine, "
        "Simplice, Marguerite, Perpétue"),
    "Champmathieu": (
        "Champmathieu, Judge, Bamatabois, Brevet, Chenildieu, Cochepaille"),
    "Thénardier": (
        "Thénardier, Mme Thénardier, Babet, Gueulemer, Claquesous, Éponine, Brujon, "
        "Montparnasse, Azelma, Boulatruelle"),
    "Enjolras": (
        "Enjolras, Courfeyrac, Combeferre, Bossuet, Gavroche, Joly, Bahorel, Feuilly, "
        "Prouvaire, Grantaire, Mabeuf, Mme Hucheloup, Child 1, Child 2, Mme Burgon, "
        "Mother Plutarch, Jondrette"),
}

# "a b×3 c": character a shares three chapters with b and one with c; numbers as in CIRCLES.
CHAPTERS = (
    "0 1×10 2×8 3×2 4 5 6 7 8 9 10×5; 1 2×6 10×3; 2 10×3; 10 11×19 12×31 13×17 14×2 15×2 16×8 "
    "18×3 19 20 22×2 27 28 29 31 32 33×9 41×3 42 44×3 45×3 46×2 47×2 48×2 49×2 50×12 51×7 52 "
    "53 54 57 60×4 63 64; 11 12×21 14×12 15×6 17 21 23 35 50×2 55×5 60×7 61×9 62×5 63×5 64×4 "
    "65×2 66 67 70; 12 13 14×3 15×2 17 18 20×2 35 50 51×4; 13 16 18 20 22 33×5 41 46 50×5 51 "
    "52×2 53 54 57 60×6 64; 14 15×9 17 23 25; 15 17×2 26 30; 16 19×3 24×2; 21 26 50; 25 51; "
    "33 34×4 35×3 36×3 37×4 38×3 39×3 40×4 41×2 42×2 43 46 50 51×2; 34 35×3 36×4 37×5 38×3 "
    "39×3 40×4; 35 36×4 37×3 38×4 39×4 40×3; 36 37×3 38×4 39×4 40×3; 37 38×3 39×3 40×4; 38 "
    "39×4 40×3; 39 40×3; 41 43×2; 44 45×3 46×2 47×2 48×2 49×2; 45 46×2 47×2 48×2 49×2; 46 47 "
    "48 49; 47 48×2 49×2; 48 49×2; 50 51×13 52×6 53×5 54×4 55×3 56×3 57 58×2 59 64; 51 52 53 "
    "54 55×2 58; 52 53×6 54×4 55 56×3 57×2 64; 53 54×4 55 56×3 57×2 64; 54 55 56 57×2 60; 55 "
    "56 57 58×2 61 70; 56 57 64; 57 64; 60 61×17 62×15 63×10 64×7 65×5 66×4 67×6 68×4 69×3 70 "
    "71; 61 62×13 63×12 64×7 65×5 66×6 67×6 68×3 69×2 70×2 71; 62 63×9 64×6 65×5 66×5 67×5 "
    "68×2 69 70×2; 63 64×5 65×7 66×4 67×6 68×2 69×3 70 71; 64 65×3 66×5 67×2 68 69 70 71 72×2 "
    "73×2 74×2; 65 66×5 67×5 68×2 69×2 70 71; 66 67×3 68×2 69 70×2 71; 67 68×2 69 70; 68 69; "
    "69 71; 70 75×3; 72 73×3; 74 76")
