"""Whether screenshots prove what they should: does the picture show the item, was it sent before.

    python -m bench.proofs              # figures of the test set
    python -m bench.proofs --train      # what thresholds the train set asks for
    python -m bench.proofs --quick      # a small run

Screenshots come from `bench.screenshots` and are looked at as the program does (`bot.vision.looking`), the
comparison with the agency's other items included. The thresholds in bot/vision/ were chosen with `--train`,
whose seeds share no agency, item or person with those of the test.
"""
