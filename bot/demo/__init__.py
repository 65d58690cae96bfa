"""The programme played on one machine against the simulator: `python -m bot demo`.

Everybody and everything in it is made up; the program that answers is the real one.

    agencies, names, topics, pictures, links   what the sample province consists of
    sample, seeding                            its roster, and the weeks that lie behind it
    stage                                      simulator, program and clock together
    chat, crowd, intents                       people with phones, one by one and in their thousands
    preparing, week, wednesday, checks         one week from roster to summary, each step checked
    control, show                              the same by hand, in the browser
    board                                      what is printed
"""
