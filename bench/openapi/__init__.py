"""Every request of a demo week, and every answer of the simulator, held against what Twilio publishes.

official       Twilio's published description, as it stands in its repository
prism          Stoplight's Prism, an independent checker, between the program and the simulator
crossing       one address for both of its hosts, and what Prism said of each exchange
__main__       the week, and the table
"""
