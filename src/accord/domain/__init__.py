"""The words of the trade: values, ids, errors and rules that need nothing but the standard library."""
