"""Group-buy (拼团): cheaper together. A seat is held before it is paid, and a group is decided once, by one write."""
