// Makes a replica set of one and its users. Running it again does no harm: it runs at every start of the container.
const place = '127.0.0.1:27017';
const unauthorized = 13, alreadyInitialized = 23, authenticationFailed = 18, roleExists = 51002,
    userExists = 51003;

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
    const members = [{ _id: 0, host: 'localhost:27017' }];
    try {
        unless(alreadyInitialized, () => first.adminCommand({ replSetInitiate: { _id: 'rs0', members } }));
    } catch (error) {
        if (error.code !== unauthorized) throw error;
        throw new Error('the user admin has another password than MONGODB_ADMIN_PASSWORD');
    }
    for (let tries = 600; !first.hello().isWritablePrimary; tries -= 1) {
        if (tries === 0) throw new Error('no primary was elected');
        sleep(100);
    }
    user(first, 'admin', secret, ['root']);
    admin = open(`admin:${secret}@`);
}
for (const { role, privileges } of require('/setup/roles.json')) {
    const granted = privileges.map(({ collection, actions }) => ({ resource: { db: 'reports', collection }, actions }));
    unless(roleExists, () => admin.createRole({ role, privileges: granted, roles: [] }));
    admin.updateRole(role, { privileges: granted });
}
user(admin, 'reports', process.env.MONGODB_PASSWORD, ['reportsOperator']);
user(admin, 'stages', process.env.MONGODB_STAGES_PASSWORD, ['reportsStages']);
user(admin, 'courier', process.env.MONGODB_COURIER_PASSWORD, ['reportsCourier']);
user(admin, 'reader', process.env.MONGODB_READER_PASSWORD, ['reportsReader']);
user(admin, 'backup', process.env.MONGODB_BACKUP_PASSWORD, ['backup']);
