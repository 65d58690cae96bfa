"""What a screenshot shows, and whether it has been sent before: pure functions on pictures.

`pixels` decodes, `features` finds points that can be found again at another size, `patterns` what has too few
of them, `agreement` compares what lies on each other, `showing` says whether a screenshot shows an item,
`fingerprints` makes numbers by which SQL finds pictures alike, `copies` compares the few that it found.
Nothing here reads a file, a clock or a setting; nothing is learnt at run time. No function is for one
platform: apps change their looks too often.

OpenCV uses one thread: the pool around it decides how many pictures are looked at at a time.
"""

import cv2

cv2.setNumThreads(1)
