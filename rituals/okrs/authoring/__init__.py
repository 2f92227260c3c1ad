"""Key results, objectives and units written in a form: what `/okr add` and `/okr edit` do."""
