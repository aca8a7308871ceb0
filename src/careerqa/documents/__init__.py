"""Files → documents → units: reading, layout, what is hidden, what kind of statement each is."""
