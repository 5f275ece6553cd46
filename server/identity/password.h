#pragma once
/*
 * Checking passwords off the loop: Argon2id takes some 15 ms, so one thread does it, fed by a queue of fixed
 * length. The password is copied in and wiped; the waiting request is resumed on the loop.
 */
#include <stdbool.h>

#include "core/must.h"

struct req;
struct worker;

enum { PASSWORD_BYTES_MAX = 1024 };

void password_start(struct worker *worker);
/* Ends the thread; jobs still in the queue are dropped (their requests are gone with the worker). */
void password_stop(struct worker *worker);

typedef void password_checked(struct req *req, bool is_right);
/* hash NULL: nobody has that name; a hash of nobody's is checked, for the same time. False: the queue is
 * full. */
MUST_USE bool password_check(struct req *req, const char *hash, const char *password,
                             password_checked *checked);
typedef void password_made(struct req *req, const char *hash);
/* A new hash of this password, made by the same thread; NULL where there was no memory for it. False: the
 * queue is full. */
MUST_USE bool password_make(struct req *req, const char *password, password_made *made);
/* A new hash in libsodium's text form, for `motcua people load`; blocks. False: out of memory. */
MUST_USE bool password_hash(char out[128], const char *password, long long memory_bytes, int passes);
