"""The words of the browser modules on sound, by module."""

from core.i18n import N_
from core.ui.words_tables import NO_ANSWER

MICROPHONE = {
    "no_answer": NO_ANSWER,
    "play": N_("Listen"),
    "no_mic": N_("No microphone was found. You can choose a sound file instead."),
    "mic_refused": N_("The browser does not allow the microphone. Allow it in the address bar, "
                      "then press again."),
    "mic_https": N_("Browsers give the microphone only to pages with https. You can choose a "
                    "sound file instead."),
}

SPEECH = {
    "hear": {
        **MICROPHONE,
        "examples": N_("Examples"),
        "record": N_("Record"),
        "listen": N_("Live"),
        "upload": N_("File"),
        "examples_says": N_("A synthetic voice says the digit you choose, each time another one."),
        "example": N_("Hear the digit {digit}"),
        "record_says": N_("Say one word. The recording ends by itself."),
        "record_now": N_("Speak now."),
        "listen_says": N_("The network hears the last second, five times a second, and writes down "
                          "each word."),
        "listen_now": N_("It listens. Say one word after the other."),
        "upload_says": N_("Of ten seconds at most; the loudest one is what the network receives."),
        "start_record": N_("Record a word"),
        "start_listen": N_("Start listening"),
        "stop": N_("Stop"),
        "drop": N_("Drop a sound here, or choose one"),
        "drop_says": N_("WAV, MP3, OGG, FLAC or M4A"),
        "empty": N_("The file is empty. Choose another one."),
        "too_big": N_("This file is too large. Choose a smaller one."),
        "no_upload": N_("The file did not reach the server. Please try again."),
        "cut": N_("This sound is longer than {n} seconds: what comes later was left out."),
        "wave": N_("Waveform"),
        "heard": N_("Words that were heard"),
        "dont_know": N_("I don’t know"),
        "received": N_("What the network receives: 40 bands, low ones at the bottom, × 100 frames"),
        "nothing_yet": N_("Let the network hear something, and it answers here."),
        "blank": N_("It is too quiet to hear a word."),
        "unknown": N_("I don’t know: this sounds like nothing the network has learned. What "
                      "stands here is only its guess."),
    },
    "spectra": {
        **MICROPHONE,
        "first": N_("Getting ready: the library that draws is being loaded. The first pictures "
                    "come by themselves in some seconds."),
        "told": N_("{frames} frames, {bins} frequencies, {apart} Hz apart."),
        "waveform": N_("Waveform"),
        "spectrogram": N_("Spectrogram"),
        "spectrogram_says": N_("How strong each frequency is, 0 Hz at the bottom, 4,000 at the "
                               "top."),
        "mel": N_("Mel spectrogram"),
        "mel_says": N_("40 bands, narrow where we hear pitch finely. This is what the network "
                       "receives."),
        "mfcc": N_("MFCC"),
        "mfcc_says": N_("The mel bands’ outline as cosines, coarse ones at the bottom: vowels "
                        "stay, pitch goes."),
        "window": N_("Window: {n} ms"),
        "window_says": N_("Long windows tell frequencies apart, short ones moments. Not both."),
        "hop": N_("Hop: {n} ms"),
        "hop_says": N_("From one frame to the next. Larger than the window, and sound is lost in "
                       "between."),
        "usual": N_("Usual values"),
        "rebuild": N_("Hear what is left"),
        "rebuilding": N_("Making sound of the picture …"),
    },
    "teach": {
        **MICROPHONE,
        "word_n": N_("Word {n}"),
        "word_name": N_("The word"),
        "record": N_("Say it once"),
        "speak_now": N_("Speak now …"),
        "recordings": N_("{n} recordings"),
        "remove": N_("Remove"),
        "forget": N_("Take this recording out"),
        "another": N_("One more word"),
        "use": N_("Train on these words"),
        "save": N_("Save them (.zip)"),
        "heard_nothing": N_("Nothing was heard. Press again and speak a little louder."),
        "sending": N_("The recordings are being sent …"),
        "no_upload": N_("The recordings did not reach the server. Please try again."),
    },
}
