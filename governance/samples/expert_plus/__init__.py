"""The sample lender `expert-plus`: a debt-collection agency in Kazakhstan."""
