"""What Parley is made of: the packages that it needs to run, all the way down, and their licences."""
