-- When a character's memories are next looked through: what is forgotten goes, what repeats itself is merged. Null: nothing has changed
-- since the last time, and who idles costs nothing.
alter table characters_minds add column keep_at timestamptz;
create index characters_minds_to_keep on characters_minds (keep_at) where keep_at is not null;

-- What is left of a memory's importance at a slow tick, as rookery_characters::memory::fade has it.
create function characters_memory_now(importance double precision, decay_rate double precision, pinned boolean, at_slow bigint, slow bigint)
    returns double precision
    language sql immutable parallel safe
    return case when pinned or decay_rate <= 0 then importance
        else greatest(0, importance - (greatest(0, slow - at_slow) / 10) * 0.1 * decay_rate) end;
