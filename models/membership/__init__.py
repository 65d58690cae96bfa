"""Coming and going: who applies and is admitted, consents, the roster as it is imported, and what follows
when somebody stops or leaves the service.

Who somebody is (people, accounts, roles) is in people/.
"""
