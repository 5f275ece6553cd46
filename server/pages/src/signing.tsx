export const SigningScreen = () => <h1>Chờ ký</h1>;
