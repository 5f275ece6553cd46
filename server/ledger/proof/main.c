/* motcua-verify EXPORT --trust TRUST: the offline verifier by itself, for machines that have nothing else. */
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "ledger/proof/verify.h"

int main(int argc, char *argv[])
{
    if (argc != 4 || strcmp(argv[2], "--trust") != 0) {
        fprintf(stderr, "Usage: motcua-verify EXPORT --trust TRUST\n");
        return EX_USAGE;
    }
    return ledger_verify_files(argv[1], argv[3]);
}
