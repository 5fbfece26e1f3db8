"""How well raters agree: coefficients and their intervals, missing ratings as the literature of each treats them."""
