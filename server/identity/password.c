#include "identity/password.h"

#include <event2/event.h>
#include <pthread.h>
#include <sodium.h>
#include <stdio.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "core/config.h"
#include "path/path.h"

enum { QUEUE_LENGTH = 64, HASH_BYTES_MAX = crypto_pwhash_STRBYTES };

_Static_assert(HASH_BYTES_MAX <= 128, "password_hash() gives room enough");

struct job {
    struct req *req;
    password_checked *checked; /* NULL: a new hash is wanted */
    password_made *made;
    char hash[128];
    char password[PASSWORD_BYTES_MAX + 1];
    bool is_nobody, is_right;
};

_Static_assert(sizeof(((struct job *)0)->hash) >= HASH_BYTES_MAX, "a new hash fits");

/* A ring with three marks: [taken, done) are checked and wait for the loop, [done, given) wait for the
 * thread. */
static struct {
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    struct job jobs[QUEUE_LENGTH];
    unsigned taken, done, given;
    bool is_ending;
    int done_fd;
    struct event *done_event;
    char nobody[HASH_BYTES_MAX];
    long long hash_memory; /* of new hashes; set before the thread begins */
    int hash_passes;
} queue;

static struct job *job_at(unsigned mark)
{
    return &queue.jobs[mark % QUEUE_LENGTH];
}

static void *check_jobs(void *unused)
{
    (void)unused;
    pthread_mutex_lock(&queue.lock);
    while (!queue.is_ending) {
        struct job *job;
        uint64_t const one = 1;

        if (queue.done == queue.given) {
            pthread_cond_wait(&queue.wake, &queue.lock);
            continue;
        }
        job = job_at(queue.done);
        pthread_mutex_unlock(&queue.lock);
        if (job->made != NULL)
            job->is_right = password_hash(job->hash, job->password, queue.hash_memory, queue.hash_passes);
        else
            job->is_right = crypto_pwhash_str_verify(job->hash, job->password, strlen(job->password)) == 0 &&
                            !job->is_nobody;
        sodium_memzero(job->password, sizeof job->password);
        pthread_mutex_lock(&queue.lock);
        queue.done++;
        must(write(queue.done_fd, &one, sizeof one) == sizeof one);
    }
    pthread_mutex_unlock(&queue.lock);
    return NULL;
}

static void on_done(evutil_socket_t fd, short what, void *unused)
{
    uint64_t count;

    (void)what;
    (void)unused;
    if (read((int)fd, &count, sizeof count) != sizeof count)
        return;
    pthread_mutex_lock(&queue.lock);
    while (queue.taken != queue.done) {
        struct job const job = *job_at(queue.taken);

        queue.taken++;
        pthread_mutex_unlock(&queue.lock);
        if (job.made != NULL)
            job.made(job.req, job.is_right ? job.hash : NULL);
        else
            job.checked(job.req, job.is_right);
        pthread_mutex_lock(&queue.lock);
    }
    pthread_mutex_unlock(&queue.lock);
}

bool password_hash(char out[128], const char *password, long long memory_bytes, int passes)
{
    return crypto_pwhash_str(out, password, strlen(password), (unsigned long long)passes,
                             (size_t)memory_bytes) == 0;
}

void password_start(struct worker *worker)
{
    pthread_mutex_init(&queue.lock, NULL);
    pthread_cond_init(&queue.wake, NULL);
    queue.taken = queue.done = queue.given = 0;
    queue.is_ending = false;
    queue.hash_memory = worker->config->identity_hash_memory;
    queue.hash_passes = (int)worker->config->identity_hash_passes;
    must(password_hash(queue.nobody, "nobody", queue.hash_memory, queue.hash_passes));
    queue.done_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    must(queue.done_fd >= 0);
    queue.done_event = event_new(worker->base, queue.done_fd, EV_READ | EV_PERSIST, on_done, NULL);
    must(queue.done_event != NULL && event_add(queue.done_event, NULL) == 0);
    must(pthread_create(&queue.thread, NULL, check_jobs, NULL) == 0);
}

void password_stop(struct worker *worker)
{
    (void)worker;
    pthread_mutex_lock(&queue.lock);
    queue.is_ending = true;
    pthread_cond_signal(&queue.wake);
    pthread_mutex_unlock(&queue.lock);
    must(pthread_join(queue.thread, NULL) == 0);
    sodium_memzero(queue.jobs, sizeof queue.jobs);
    event_free(queue.done_event);
    close(queue.done_fd);
}

/* Copied into the ring; false: it is full. */
static bool take(const struct job *wanted, const char *hash, const char *password)
{
    bool is_taken = false;

    must(strlen(password) <= PASSWORD_BYTES_MAX);
    pthread_mutex_lock(&queue.lock);
    if (queue.given - queue.taken < QUEUE_LENGTH) {
        struct job *job = job_at(queue.given);

        *job = *wanted;
        snprintf(job->hash, sizeof job->hash, "%s", hash);
        snprintf(job->password, sizeof job->password, "%s", password);
        queue.given++;
        is_taken = true;
        pthread_cond_signal(&queue.wake);
    }
    pthread_mutex_unlock(&queue.lock);
    return is_taken;
}

bool password_check(struct req *req, const char *hash, const char *password, password_checked *checked)
{
    struct job const job = {.req = req, .checked = checked, .is_nobody = hash == NULL};

    return take(&job, hash != NULL ? hash : queue.nobody, password);
}

bool password_make(struct req *req, const char *password, password_made *made)
{
    struct job const job = {.req = req, .made = made};

    return take(&job, "", password);
}
