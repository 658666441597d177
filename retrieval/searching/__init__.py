"""From a query to ranked moments: arms, their fusion, and how sure a search is."""
