"""Who there is: OPD, civil servants, their accounts, their roles and who may write for whom, until when
somebody is left in peace; and the audit of what they do.

How people come and go is in membership/.
"""
