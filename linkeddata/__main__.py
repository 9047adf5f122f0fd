"""`python -m linkeddata` is the `linkeddata` command."""

from linkeddata.cli import main

if __name__ == "__main__":
    main()
