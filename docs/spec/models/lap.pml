/* A publisher that overwrites, and a reader that copies records of two words: SYNC O1. The ring holds two records. The publisher's stores go through a
   store buffer that may let one pass another, unless a fence is between them. No copy that the reader believes may be of two laps.

   Each of these must fail:
   LATEINTENT  the intent is stored after the bytes that it announces, or may pass them: no store-store fence
   NOLOOK      the reader believes its copy without a look at the intent
   EARLYLOOK   it looks before it copies */
#define RECORDS 2
#define LAPS 3

byte first[RECORDS];                            /* a record's two words: the lap that wrote them */
byte second[RECORDS];
byte stamp[RECORDS];                            /* lap + 1 */
byte intent = RECORDS;                          /* records that may be touched, counted from the beginning */

active proctype Publisher() {
    byte n = 0;                                 /* the record to write: n / RECORDS is its lap */
    byte step;
    bool f, s, i;
    do
    :: n == RECORDS * LAPS -> break
    :: else ->
        f = false; s = false; i = (n < intent);
#ifndef LATEINTENT
        if
        :: !i -> intent = n + 1; i = true       /* and the fence */
        :: else
        fi;
#endif
        do                                      /* the plain stores, in whatever order */
        :: !f -> first[n % RECORDS] = n / RECORDS; f = true
        :: !s -> second[n % RECORDS] = n / RECORDS; s = true
        :: !i -> intent = n + 1; i = true
        :: f && s && i -> break
        od;
        stamp[n % RECORDS] = n / RECORDS + 1;   /* release */
        n++
    od
}

active proctype Reader() {
    byte n = 0;
    byte a, b;
    bool good;
    do
    :: n == RECORDS * LAPS -> break
    :: else ->
        if
        :: stamp[n % RECORDS] == n / RECORDS + 1 ->
            good = true;
#ifdef EARLYLOOK
            good = (intent <= n + RECORDS);
#endif
            a = first[n % RECORDS];
            b = second[n % RECORDS];
#ifndef EARLYLOOK
#ifndef NOLOOK
            good = (intent <= n + RECORDS);
#endif
#endif
            assert(!good || (a == n / RECORDS && b == n / RECORDS));
            n++
        :: intent > n + RECORDS -> n++          /* lapped */
        fi
    od
}
