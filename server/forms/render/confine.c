#include "forms/render/confine.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>

#if defined(__x86_64__)
#define ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCH AUDIT_ARCH_AARCH64
#else
#error "confine.c: name the audit architecture of this machine"
#endif

enum {
    MEMORY_BYTES_MAX = 768 << 20,
    FILES_MAX = 128,
};

#if defined(__SANITIZE_ADDRESS__)
#define IS_SANITIZED
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define IS_SANITIZED
#endif
#endif

#define LOAD(member)      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, member))
#define REFUSE            BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM)
#define REFUSE_CALL(name) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (name), 0, 1), REFUSE

/* A list of what is refused, not of what is allowed: fonts, allocators and threads of pango differ from
 * release to release, and an unexpected refusal would cost a citizen's receipt. Opening for writing shows in
 * the low word of openat's flags. */
static bool refuse_calls(void)
{
    static struct sock_filter filter[] = {
        LOAD(arch),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCH, 1, 0),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
        LOAD(nr),
#if defined(__x86_64__)
        /* The x32 numbers would walk around the list. */
        BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40000000, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
        REFUSE_CALL(__NR_open),
        REFUSE_CALL(__NR_creat),
        REFUSE_CALL(__NR_fork),
        REFUSE_CALL(__NR_vfork),
        REFUSE_CALL(__NR_unlink),
        REFUSE_CALL(__NR_rename),
#endif
        REFUSE_CALL(__NR_socket),
        REFUSE_CALL(__NR_connect),
        REFUSE_CALL(__NR_bind),
        REFUSE_CALL(__NR_execve),
        REFUSE_CALL(__NR_execveat),
        REFUSE_CALL(__NR_ptrace),
        REFUSE_CALL(__NR_process_vm_readv),
        REFUSE_CALL(__NR_process_vm_writev),
        REFUSE_CALL(__NR_openat2),
        REFUSE_CALL(__NR_unlinkat),
        REFUSE_CALL(__NR_renameat2),
        REFUSE_CALL(__NR_io_uring_setup),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_openat, 0, 3),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args) + 2 * sizeof(__u64)),
        BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, O_WRONLY | O_RDWR | O_CREAT | O_TRUNC, 0, 1),
        REFUSE,
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    static const struct sock_fprog program = {.len = array_length(filter), .filter = filter};

    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

static bool limit(int what, rlim_t most)
{
    struct rlimit limits = {.rlim_cur = most, .rlim_max = most};

    return setrlimit((__rlimit_resource_t)what, &limits) == 0;
}

bool confine(void)
{
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || prctl(PR_SET_PDEATHSIG, SIGTERM) != 0)
        return false;
    if (!limit(RLIMIT_CORE, 0) || !limit(RLIMIT_NOFILE, FILES_MAX))
        return false;
#if !defined(IS_SANITIZED)
    /* ASan maps terabytes it never uses. */
    if (!limit(RLIMIT_AS, MEMORY_BYTES_MAX))
        return false;
#endif
    return refuse_calls();
}
