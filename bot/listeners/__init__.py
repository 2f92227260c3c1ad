"""One module a feature: a payload in, a use case called, a reply out. No rules, no SQL, no blocks of their own."""
