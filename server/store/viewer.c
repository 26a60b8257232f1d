/* The viewer that our own commands act as. */
#include "server/store/viewer.h"

Viewer viewer_of_system(void)
{
    return (Viewer){
        .roles = ROLE_ADMIN,
        .relations = RELATION_ALLIANCE | RELATION_PROJECT,
        .language = "it",
    };
}
