"""The words of the browser modules that show a generator at work."""

from core.i18n import N_

MADE = {
    "made_covered": N_("It makes {share} of the classes; its pictures are {diversity} as varied as "
                       "real ones."),
    "made_varied": N_("Its pictures are {diversity} as varied as real ones."),
    "made_collapse": N_("Classes are missing: its mode has collapsed onto what passes most "
                        "easily."),
    "made_agreement": N_("{share} are recognised as the class that was asked for."),
    "lab_found": N_("{share} of the pieces covered, JS divergence {js} bits. The plane above shows "
                    "this epoch."),
    "made_soon": N_("How good they are is measured after each epoch."),
}

GAN = {
    "sampler": {
        "no_answer": N_("The server did not answer. Please try again."),
        "waking": N_("The generator is being loaded …"),
        "network": N_("Which generator"),
        "write": N_("Write a number"),
        "samples": N_("Samples"),
        "walk": N_("Walk"),
        "grid": N_("Two directions"),
        "text": N_("Type a number"),
        "label": N_("Class"),
        "each_class": N_("each in turn"),
        "seed": N_("Seed"),
        "end": N_("Seed of the goal"),
        "truncation": N_("Truncation"),
        "play": N_("Play"),
        "pause": N_("Pause"),
        "png": N_("Save as PNG"),
        "gif": N_("Save as GIF"),
        "says_write": N_("Nobody has ever written these digits. Each wanders through the noise of "
                         "which it is made."),
        "says_samples": N_("Every seed gives others. With a truncation near 0 all come close to "
                           "the most usual one. Click on one: is it a copy?"),
        "says_walk": N_("From one point of the noise to another, along a great circle: every step "
                        "between two pictures is a picture, too."),
        "says_grid": N_("Two directions through the noise at right angles, around the seed in the "
                        "middle."),
        "looking": N_("Looking through all training pictures …"),
        "made": N_("made"),
        "trained_on": N_("real, distance {n}"),
        "recognised": N_("Our classifier sees: {name} ({share})."),
        "usual_distance": N_("These are the nearest training pictures. A real picture that was "
                             "kept aside is {n} away from its nearest one: what lies as far off is "
                             "no copy."),
    },
    "lab": {
        "no_answer": N_("The server did not answer. Please try again."),
        "plane": N_("The plane: real points in blue, made ones in orange, the discriminator’s "
                    "opinion as the ground, the generator’s noise as a bent grid"),
        "surface": N_("Discriminator"),
        "real": N_("real"),
        "made": N_("made"),
        "mesh": N_("bent noise"),
        "pull": N_("gradients"),
        "covered": N_("Pieces covered"),
        "js": N_("JS divergence (bits)"),
        "kl": N_("KL divergence (bits)"),
        "pause": N_("Pause"),
        "resume": N_("Continue"),
        "step_both": N_("Step: both"),
        "step_d": N_("Step: only discriminator"),
        "step_g": N_("Step: only generator"),
        "slow": N_("Slow motion"),
        "clear": N_("Clear"),
        "hands_say": N_("Blue ground: it takes for real what lies here. The lines at orange points "
                        "show where the generator is told to move them."),
        "train_first": N_("Press Train, and orange points set out to look like the blue ones."),
        "draw_here": N_("Draw into the plane: hold the button and move. Then press Train."),
    },
}
