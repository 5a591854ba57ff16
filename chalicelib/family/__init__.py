"""Family accounts: several people, one who pays, and caps that hold whatever they do at the same time."""
