/* The stream of envelopes from one server to another, as docs/exchange.md has it: numbers given at sealing, bytes that
 * never change, one number and one history at the receiver, receipts, and what a backup put back does to all of it.
 *
 * Each atomic step is one transaction or one message. The network is the set of all that was ever sent: any member may
 * arrive at any time, in any order, any number of times, or never; LOSSES times all copies of one message vanish, so that
 * only a retry helps (what is unsafe is unsafe without that, what comes to rest must do so in spite of it). What lies in no
 * transaction yet (a_hold, b_reply, b_doing) is gone with a crash. BACKUP of one side may be put back later.
 * An envelope's bytes are (token, life): what is sealed anew has a life that no envelope of that token has had.
 *
 * Compiled with -DMUTANT=name one rule is left out or bent; test/model/run wants each of those found wrong. */

#define N 4         /* messages; their tokens are 0 to 3, the work that must be done once */
#ifndef CRASHES
#define CRASHES 2
#endif
#ifndef RESTORES
#define RESTORES 1
#endif
#ifndef LOSSES
#define LOSSES 1
#endif
#define EPOCHS (RESTORES + 1)
#define LIVES (CRASHES + RESTORES + 1)

#define NONE 0
#define FORGETS_RECEIPT 1      /* receiver takes an old number for a new message */
#define RENUMBERS 2            /* sender gives a retry a number of its own */
#define REPLIES_EARLY 3        /* the receipt leaves before the commit */
#define SENDS_EARLY 4          /* the envelope leaves before the commit */
#define EFFECT_APART 5         /* effect and its mark are two transactions */
#define TAKES_GAPS 6           /* any higher number is taken */
#define REFUSES_DUPLICATES 7   /* a duplicate gets an error, no receipt */
#define SAME_EPOCH 8           /* a restored sender takes over the peer's history and goes on in its epoch */
#define NO_FENCE 9             /* a restored sender sends before it has asked */
#define NEVER_ASKS 10          /* nobody compares numbers after a receipt */
#define LEASE_FOR_EVER 11      /* what was sent once is not sent again */
#define ANY_EPOCH_RECEIPT 12   /* a receipt's epoch and bytes are not looked at */
#define OLD_EPOCH 13           /* receiver still takes envelopes of a closed epoch */
#define FORGETS_BYTES 14       /* sender throws the bytes away with the receipt */
#ifndef MUTANT
#define MUTANT NONE
#endif

#define ID(token, life) ((token) * LIVES + (life))
#define TOKEN(id) ((id) / LIVES)
#define BIT(n) (1 << (n))
#define AT(epoch, sq) ((epoch) * N + (sq))
#define HAS(mask, n) (((mask) & BIT(n)) != 0)
#define BELOW(n) (BIT(n) - 1)
#define EACH(X) X(0) X(1) X(2) X(3)

int req[EPOCHS * N], rcp[EPOCHS * N]; /* the network: bytes (mask of ids) ever sent as envelope, as receipt */

/* sender */
byte a_epoch, a_count, a_out[N], a_acked, a_used, a_settled, a_nonce;
bool a_fenced, a_spent[N];
byte a_hold;                          /* id + 1 sealed in memory */
byte a_copy_count, a_copy_acked;      /* backup, as far as a mutant goes on from it */
/* receiver */
byte b_epoch, b_count, b_history[N], b_closed, b_nonce, b_taken[N], b_done[N];
byte b_reply, b_reply_id;             /* sq + 1 and bytes of a receipt that is not sent yet */
byte b_doing;                         /* token + 1: effect done, not marked */
byte b_copy_epoch, b_copy_count, b_copy_history[N], b_copy_closed, b_copy_nonce, b_copy_taken[N], b_copy_done[N];

byte crashes, restores, losses;
bool has_copy, is_sender_copied, has_receiver_lost;
bool is_calm; /* nothing goes wrong any more */

#define USED (a_used | a_settled)
#define IS_LOWEST_OPEN(t) (!HAS(USED, t) && (USED & BELOW(t)) == BELOW(t))
#define IS_OPEN(s) (!a_fenced && (s) < a_count && !HAS(a_acked, s))
#define ALL_DONE (b_done[0] == 1 && b_done[1] == 1 && b_done[2] == 1 && b_done[3] == 1)
#define ALL_ACKED (!a_fenced && USED == BELOW(N) && a_acked == BELOW(a_count))

#if RESTORES == 1
#define is_known(id) (HAS(req[AT(0, 0)] | req[AT(0, 1)] | req[AT(0, 2)] | req[AT(0, 3)] | \
    req[AT(1, 0)] | req[AT(1, 1)] | req[AT(1, 2)] | req[AT(1, 3)], id))
#else
#define is_known(id) (HAS(req[AT(0, 0)] | req[AT(0, 1)] | req[AT(0, 2)] | req[AT(0, 3)] | \
    req[AT(1, 0)] | req[AT(1, 1)] | req[AT(1, 2)] | req[AT(1, 3)] | \
    req[AT(2, 0)] | req[AT(2, 1)] | req[AT(2, 2)] | req[AT(2, 3)], id))
#endif

/* --- the sender --- */

inline commit_sealed()
{
    a_out[a_count] = a_hold - 1;
    a_used = a_used | BIT(TOKEN(a_hold - 1));
    a_count++;
    a_hold = 0
}

inline seal(t)
{
    d_step {
       life = 0;
       do
       :: life < LIVES - 1 && is_known(ID(t, life)) -> life++
       :: else -> break
       od;
       a_hold = ID(t, life) + 1;
       life = 0
    }
}

#define SEAL(t) :: atomic { !a_fenced && a_hold == 0 && a_count < N && IS_LOWEST_OPEN(t) -> \
    seal(t); \
    if \
    :: MUTANT == SENDS_EARLY -> req[AT(a_epoch, a_count)] = req[AT(a_epoch, a_count)] | BIT(a_hold - 1) \
    :: else \
    fi }

active proctype sealer()
{
    byte life;

    do
    :: is_calm && ALL_DONE && ALL_ACKED -> break
    EACH(SEAL)
    :: atomic { a_hold != 0 -> commit_sealed() }
    od
}

#define IS_UNSENT(s) (IS_OPEN(s) && !HAS(req[AT(a_epoch, s)], a_out[s]) && !a_spent[s])
#define IS_EARLIER_UNSENT(s) (((s) > 0 && IS_UNSENT(0)) || ((s) > 1 && IS_UNSENT(1)) || ((s) > 2 && IS_UNSENT(2)))
#define SEND(s) :: atomic { IS_UNSENT(s) && !IS_EARLIER_UNSENT(s) -> \
    req[AT(a_epoch, s)] = req[AT(a_epoch, s)] | BIT(a_out[s]); \
    a_spent[s] = (MUTANT == LEASE_FOR_EVER) }
#define RENUMBER(s) :: atomic { MUTANT == RENUMBERS && IS_OPEN(s) && a_count < N && HAS(req[AT(a_epoch, s)], a_out[s]) -> \
    a_out[a_count] = a_out[s]; a_acked = a_acked | BIT(s); a_count++ }

active proctype sender()
{
    do
    :: is_calm && ALL_DONE && ALL_ACKED -> break
    EACH(SEND)
    EACH(RENUMBER)
    od
}

inline acknowledge(s)
{
    assert(has_receiver_lost || (a_epoch == b_epoch && s < b_count && b_history[s] == a_out[s]));
    a_acked = a_acked | BIT(s);
    rcp[AT(a_epoch, s)] = 0; /* it is the reply to a request: each arrives once */
    a_spent[s] = (MUTANT == FORGETS_BYTES)
}

#define IS_OTHER_RECEIPT(s) (MUTANT == ANY_EPOCH_RECEIPT && a_epoch > 0 && rcp[AT(a_epoch - 1, s)] != 0)
#define TAKE(s) :: atomic { IS_OPEN(s) && (HAS(rcp[AT(a_epoch, s)], a_out[s]) || IS_OTHER_RECEIPT(s)) -> acknowledge(s) }

active proctype receipts()
{
    do
    :: is_calm && ALL_DONE && ALL_ACKED -> break
    EACH(TAKE)
    od
}

/* --- the receiver --- */

#define ADD_TAKEN(token) b_taken[token] = (b_taken[token] < 2 -> b_taken[token] + 1 : 2)

inline take_new(s, id)
{
    b_history[b_count] = id;
    ADD_TAKEN(TOKEN(id));
    b_count++;
    b_reply = b_count;
    b_reply_id = id
}

/* One request at a time; what is refused changes nothing. */
inline deliver(epoch, s, id)
{
    if
    :: epoch < b_epoch && MUTANT == OLD_EPOCH -> ADD_TAKEN(TOKEN(id))
    :: epoch == b_epoch && s >= b_count && (s == b_count || MUTANT == TAKES_GAPS) ->
       if
       :: MUTANT == REPLIES_EARLY -> b_reply = s + 1; b_reply_id = id; rcp[AT(epoch, s)] = rcp[AT(epoch, s)] | BIT(id)
       :: MUTANT == TAKES_GAPS -> b_count = s; take_new(s, id)
       :: else -> take_new(s, id)
       fi
    :: epoch == b_epoch && s < b_count ->
       assert(b_history[s] == id || MUTANT == TAKES_GAPS); /* else: two envelopes of one number */
       if
       :: MUTANT == FORGETS_RECEIPT -> ADD_TAKEN(TOKEN(id))
       :: MUTANT == REFUSES_DUPLICATES
       :: else -> rcp[AT(epoch, s)] = rcp[AT(epoch, s)] | BIT(id) /* the stored one; nothing to lose with a crash */
       fi
    :: else /* 410 of another epoch, 409 of a gap */
    fi
}

inline answer()
{
    if
    :: MUTANT == REPLIES_EARLY && b_reply - 1 == b_count -> take_new(b_count, b_reply_id)
    :: else -> rcp[AT(b_epoch, b_reply - 1)] = rcp[AT(b_epoch, b_reply - 1)] | BIT(b_reply_id)
    fi;
    b_reply = 0;
    b_reply_id = 0
}

/* What is new, or was answered and the answer lost, arrives at some time. */
#define AGAIN(s) :: atomic { b_reply == 0 && s < b_count && a_epoch == b_epoch && IS_OPEN(s) && \
    HAS(req[AT(b_epoch, s)], a_out[s]) && rcp[AT(b_epoch, s)] == 0 -> deliver(b_epoch, s, a_out[s]) }
#define ARRIVE_LIVES(token) :: atomic { b_reply == 0 && b_count < N && (req[AT(b_epoch, b_count)] >> ID(token, 0)) & BELOW(LIVES) -> \
    id = ID(token, 0); \
    do \
    :: HAS(req[AT(b_epoch, b_count)], id) -> break \
    :: else -> id++ \
    od; \
    deliver(b_epoch, b_count, id); id = 0 }

active proctype network()
{
    byte id;

    do
    :: is_calm && ALL_DONE && ALL_ACKED -> break
    EACH(ARRIVE_LIVES)
    EACH(AGAIN)
    od
}

active proctype receiver()
{
    do
    :: is_calm && ALL_DONE && ALL_ACKED -> break
    :: atomic { b_reply != 0 -> answer() }
    od
}

inline do_effect(token)
{
    b_done[token]++;
    assert(b_done[token] < 2)
}
#define IS_DUE(t) (b_done[t] < b_taken[t])
#define IS_EARLIER_DUE(t) (((t) > 0 && IS_DUE(0)) || ((t) > 1 && IS_DUE(1)) || ((t) > 2 && IS_DUE(2)))
#define APPLY(t) :: atomic { b_doing == 0 && IS_DUE(t) && !IS_EARLIER_DUE(t) && MUTANT != EFFECT_APART -> do_effect(t) } \
    :: atomic { b_doing == 0 && b_taken[t] > 0 && b_taken[t] < 3 && MUTANT == EFFECT_APART -> do_effect(t); b_doing = t + 1 }

active proctype applier()
{
    do
    :: is_calm && ALL_DONE && ALL_ACKED -> break
    EACH(APPLY)
    :: atomic { b_doing != 0 -> b_taken[b_doing - 1] = 3; b_doing = 0 }
    od
}

/* --- reconciliation --- */

/* The receiver closes its epoch for one restore of the sender: what it has is told, all else of it is refused for ever. */
inline close_epoch()
{
    d_step {
       if
       :: b_count > 0 -> b_closed = b_closed | BIT(TOKEN(b_history[0]))
       :: else
       fi;
       if
       :: b_count > 1 -> b_closed = b_closed | BIT(TOKEN(b_history[1]))
       :: else
       fi;
       if
       :: b_count > 2 -> b_closed = b_closed | BIT(TOKEN(b_history[2]))
       :: else
       fi;
       if
       :: b_count > 3 -> b_closed = b_closed | BIT(TOKEN(b_history[3]))
       :: else
       fi;
       b_epoch = (a_epoch > b_epoch -> a_epoch : b_epoch) + 1;
       b_nonce = a_nonce;
       b_reply = 0;
       b_reply_id = 0;
       b_count = 0;
       b_history[0] = 0; b_history[1] = 0; b_history[2] = 0; b_history[3] = 0
    }
}

inline forget_sent()
{
    a_count = 0; a_acked = 0; a_used = 0; a_hold = 0;
    a_out[0] = 0; a_out[1] = 0; a_out[2] = 0; a_out[3] = 0
}

inline adopt_epoch()
{
    d_step {
       forget_sent();
       /* dead from here on, as nobody takes what is of a closed epoch: forgotten to keep the space small */
       if
       :: RESTORES == 1 && MUTANT != ANY_EPOCH_RECEIPT && MUTANT != OLD_EPOCH ->
           rcp[0] = 0; rcp[1] = 0; rcp[2] = 0; rcp[3] = 0; req[0] = 0; req[1] = 0; req[2] = 0; req[3] = 0
       :: else
       fi;
       a_epoch = b_epoch;
       a_settled = b_closed;
       a_fenced = false
    }
}

/* SAME_EPOCH: the peer's history becomes ours, and on it goes. */
#define ADOPT_ONE(s) if :: s < b_count -> a_out[s] = b_history[s]; a_used = a_used | BIT(TOKEN(a_out[s])); a_acked = a_acked | BIT(s) :: else fi;
inline adopt_history()
{
    d_step {
       forget_sent();
       EACH(ADOPT_ONE)
       a_count = b_count;
       a_fenced = false
    }
}

active proctype reconciler()
{
    do
    :: is_calm && ALL_DONE && ALL_ACKED -> break
    :: atomic { a_fenced && MUTANT == SAME_EPOCH -> adopt_history() }
    :: atomic { a_fenced && MUTANT != SAME_EPOCH && b_nonce != a_nonce -> close_epoch() }
    :: atomic { a_fenced && b_nonce == a_nonce && b_epoch > a_epoch -> adopt_epoch() }
    /* the receiver is behind what it has given receipts for: it was put back, and gets the kept bytes again */
    :: atomic { !a_fenced && a_epoch == b_epoch && (a_acked >> b_count) != 0 && MUTANT != NEVER_ASKS ->
           a_acked = a_acked & BELOW(b_count) }
    /* it was put back to before the epoch: as after a restore of our own */
    :: atomic { !a_fenced && b_epoch < a_epoch -> a_fenced = true; a_nonce = a_nonce + 1; a_hold = 0 }
    od
}

/* --- what goes wrong --- */

inline copy_receiver()
{
    b_copy_epoch = b_epoch; b_copy_count = b_count; b_copy_closed = b_closed; b_copy_nonce = b_nonce;
    b_copy_history[0] = b_history[0]; b_copy_history[1] = b_history[1]; b_copy_history[2] = b_history[2]; b_copy_history[3] = b_history[3];
    b_copy_taken[0] = b_taken[0]; b_copy_taken[1] = b_taken[1]; b_copy_taken[2] = b_taken[2]; b_copy_taken[3] = b_taken[3];
    b_copy_done[0] = b_done[0]; b_copy_done[1] = b_done[1]; b_copy_done[2] = b_done[2]; b_copy_done[3] = b_done[3]
}
inline restore_receiver()
{
    b_epoch = b_copy_epoch; b_count = b_copy_count; b_closed = b_copy_closed; b_nonce = b_copy_nonce;
    b_history[0] = b_copy_history[0]; b_history[1] = b_copy_history[1]; b_history[2] = b_copy_history[2]; b_history[3] = b_copy_history[3];
    b_taken[0] = b_copy_taken[0]; b_taken[1] = b_copy_taken[1]; b_taken[2] = b_copy_taken[2]; b_taken[3] = b_copy_taken[3];
    b_done[0] = b_copy_done[0]; b_done[1] = b_copy_done[1]; b_done[2] = b_copy_done[2]; b_done[3] = b_copy_done[3];
    b_reply = 0; b_reply_id = 0; b_doing = 0;
    has_receiver_lost = true
}
inline forget_copy()
{
    has_copy = false; is_sender_copied = false; a_copy_count = 0; a_copy_acked = 0;
    b_copy_epoch = 0; b_copy_count = 0; b_copy_closed = 0; b_copy_nonce = 0;
    b_copy_history[0] = 0; b_copy_history[1] = 0; b_copy_history[2] = 0; b_copy_history[3] = 0;
    b_copy_taken[0] = 0; b_copy_taken[1] = 0; b_copy_taken[2] = 0; b_copy_taken[3] = 0;
    b_copy_done[0] = 0; b_copy_done[1] = 0; b_copy_done[2] = 0; b_copy_done[3] = 0
}

/* NO_FENCE: what was sealed after the backup is open again, and the numbers too. */
#define RESTORE_ONE(s) if :: s < a_count && s >= a_copy_count -> a_used = a_used & ~BIT(TOKEN(a_out[s])); a_out[s] = 0 :: else fi;
inline restore_sender()
{
    a_hold = 0;
    if
    :: MUTANT == NO_FENCE -> EACH(RESTORE_ONE) a_count = a_copy_count; a_acked = a_copy_acked
    :: else -> forget_sent(); a_fenced = true; a_nonce = a_nonce + 1
    fi
}

#define LOSE_ENVELOPE(s) :: atomic { losses < LOSSES && req[AT(a_epoch, s)] != 0 -> losses++; req[AT(a_epoch, s)] = 0 }
#define LOSE_RECEIPT(s) :: atomic { losses < LOSSES && rcp[AT(a_epoch, s)] != 0 -> losses++; rcp[AT(a_epoch, s)] = 0 }
#define REPLAY_ID(s, epoch) :: atomic { b_reply == 0 && req[AT(epoch, s)] != 0 -> \
    do \
    :: HAS(req[AT(epoch, s)], id) -> break \
    :: (req[AT(epoch, s)] >> (id + 1)) != 0 -> id++ \
    od; \
    deliver(epoch, s, id); id = 0 }
#define REPLAY_NOW(s) REPLAY_ID(s, b_epoch)
#define REPLAY_OLD(s) REPLAY_ID(s, 0)

active proctype chaos()
{
    byte id;

progress: do
    :: is_calm = true -> break
    EACH(LOSE_ENVELOPE)
    EACH(LOSE_RECEIPT)
    EACH(REPLAY_NOW)
    EACH(REPLAY_OLD)
    :: atomic { crashes < CRASHES && a_hold != 0 -> crashes++; a_hold = 0 }
    :: atomic { crashes < CRASHES && (b_reply != 0 || b_doing != 0) -> crashes++; b_reply = 0; b_reply_id = 0; b_doing = 0 }
    :: atomic { restores < RESTORES && !has_copy -> has_copy = true; is_sender_copied = true;
           if
           :: MUTANT == NO_FENCE -> a_copy_count = a_count; a_copy_acked = a_acked
           :: else
           fi }
    :: atomic { restores < RESTORES && !has_copy -> has_copy = true; copy_receiver() }
    :: atomic { has_copy && is_sender_copied -> restores++; restore_sender(); forget_copy() }
    :: atomic { has_copy && !is_sender_copied -> restores++; restore_receiver(); forget_copy() }
    od
}
