"""What each page shows, as plain JSON values: the same value is the page's JSON twin and its template's data."""
