"""What a job is: states, requests, failures, money. No I/O."""
