"""What the rules of wording, naming, numbering and structure look at: the running text, paragraph by paragraph."""
