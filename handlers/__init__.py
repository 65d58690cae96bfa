"""What an inbound message means: one route table, a module a capability."""
