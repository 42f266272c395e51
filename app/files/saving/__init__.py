"""Every file that is given away is made aside and then moved to its place: whole or not at all."""
