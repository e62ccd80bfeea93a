"""Files and links: what members attach, what they link to, and what a gateway has rendered."""
