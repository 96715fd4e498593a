"""Which addresses of the admin are open to people who are not operators: those proven, no other."""
