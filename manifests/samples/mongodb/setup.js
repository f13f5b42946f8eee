// Makes a replica set and its users: of MONGODB_MEMBERS, this one first, else of this one alone. Running it again does no harm: it runs at every start of the container.
const place = '127.0.0.1:27017';
const unauthorized = 13, alreadyInitialized = 23, authenticationFailed = 18, roleExists = 51002,
    userExists = 51003, nodeNotFound = 74;

function open(credentials) {
    for (let tries = 600; ; tries -= 1) {
        try {
            return connect(`mongodb://${credentials}${place}/admin?directConnection=true`);
        } catch (error) {
            // It may still be starting; a password is refused at once.
            if (error.code === authenticationFailed || tries === 0) throw error;
            sleep(100);
        }
    }
}

function unless(code, action) {
    try {
        action();
    } catch (error) {
        if (error.code !== code) throw error;
    }
}

function becomesPrimary(member) {
    for (let tries = 600; !member.hello().isWritablePrimary; tries -= 1) {
        if (tries === 0) return false;
        sleep(100);
    }
    return true;
}

function user(admin, name, password, roles) {
    unless(userExists, () => admin.createUser({ user: name, pwd: password, roles }));
}

const secret = process.env.MONGODB_ADMIN_PASSWORD;
let admin;
try {
    open('');                          // waits until it answers
    admin = open(`admin:${secret}@`);
} catch (error) {
    if (error.code !== authenticationFailed) throw error;
    // As long as there is no user, a client on loopback may make the replica set and the first one.
    const first = open('');
    const hosts = (process.env.MONGODB_MEMBERS || 'localhost:27017').split(',');
    // The first becomes the primary, which makes the users: only on loopback that is allowed.
    const members = hosts.map((host, number) => ({ _id: number, host, priority: number ? 1 : 2 }));
    for (let tries = 3000; ; tries -= 1) {
        try {
            unless(alreadyInitialized, () => first.adminCommand({ replSetInitiate: { _id: 'rs0', members } }));
            break;
        } catch (error) {
            if (error.code === unauthorized) throw new Error('the user admin has another password than MONGODB_ADMIN_PASSWORD');
            // Another member isn't there yet.
            if (error.code !== nodeNotFound || tries === 0) throw error;
            sleep(100);
        }
    }
    if (!becomesPrimary(first)) throw new Error('no primary was elected');
    user(first, 'admin', secret, ['root']);
    admin = open(`admin:${secret}@`);
}
// Started again, it was another's turn: it becomes primary when it has caught up, else at its next start.
if (!becomesPrimary(admin)) quit(0);
for (const { role, privileges } of require('/setup/roles.json')) {
    const granted = privileges.map(({ db = 'reports', collection, actions }) => ({ resource: { db, collection }, actions }));
    unless(roleExists, () => admin.createRole({ role, privileges: granted, roles: [] }));
    admin.updateRole(role, { privileges: granted });
}
user(admin, 'reports', process.env.MONGODB_PASSWORD, ['reportsOperator']);
user(admin, 'stages', process.env.MONGODB_STAGES_PASSWORD, ['reportsStages']);
user(admin, 'courier', process.env.MONGODB_COURIER_PASSWORD, ['reportsCourier']);
user(admin, 'reader', process.env.MONGODB_READER_PASSWORD, ['reportsReader']);
user(admin, 'backup', process.env.MONGODB_BACKUP_PASSWORD, ['backup']);
