"""Posters: merchants write them and have them looked at, people get theirs with a code of their own."""
