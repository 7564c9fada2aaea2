-- The views live in the schema `read`, which the projections make themselves: they have no migrations. A rebuild folds
-- them in a schema of its own beside it and then takes its place.
CREATE EXTENSION IF NOT EXISTS pg_trgm;
