"""The play of bargain-help (砍价): friends take a price down, each by what was fixed beforehand."""
