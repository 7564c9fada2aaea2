-- The views live in the schema `read`, which the projections make themselves: they have no migrations. A rebuild folds
-- them in a schema of its own beside it and then takes its place.
-- Without trigrams everything works; looking for names, and for words that no spaces part, is slower.
DO $$
BEGIN
    CREATE EXTENSION IF NOT EXISTS pg_trgm;
EXCEPTION WHEN insufficient_privilege OR undefined_file OR feature_not_supported THEN
    RAISE WARNING 'the extension pg_trgm cannot be created (%): searching will be slower. Install it, say CREATE EXTENSION pg_trgm in this database as its owner, and run: fedi projections rebuild', SQLERRM;
END
$$;
