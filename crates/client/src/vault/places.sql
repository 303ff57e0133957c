-- Chunks that came together lie one behind the other in one sealed file.
ALTER TABLE chunks ADD COLUMN start INTEGER NOT NULL DEFAULT 0;
CREATE INDEX chunk_places ON chunks (file, start);
