"""The models as data, and the one function that turns a neutral request into a gateway's body."""
