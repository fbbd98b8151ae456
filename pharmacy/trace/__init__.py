"""Where everything went: a lot to every bag, patient and delivery; a bag to all that touched it."""
