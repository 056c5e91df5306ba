"""Words that must not stand as they stand: lexicons of wrong forms, rules of private numbers, and the scan for both."""
