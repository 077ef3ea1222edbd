"""What must be true of a filing: rules declared once as data, compiled to SQL, to Great Expectations and to words."""
