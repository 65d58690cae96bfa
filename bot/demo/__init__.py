"""The programme played on one machine against the simulator: `python -m bot demo`.

Everybody and everything in it is made up; the program that answers is the real one.

    agencies, names, topics, pictures, links   what the sample province consists of
    sample, seeding                            its roster, and the weeks that lie behind it
    stage                                      simulator, program and clock together
    whatsapp, handsets                         the simulated Twilio's account, and two kinds of phone
    chat, crowd, intents                       people with phones, one by one and in their thousands
    hearing, doing, account, camera            what they see and do, and their own account of it
    preparing, playing, week, wednesday        one week from roster to summary
    checks, openings, asking, quiet            what is true after each step, and when it has come to an end
    control, show                              the same by hand, in the browser
    board                                      what is printed
"""
