"""The sample lender `koduliising`: hire purchase in Estonia, with a schema in Estonian."""
