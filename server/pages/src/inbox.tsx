export const InboxScreen = () => <h1>Việc</h1>;
