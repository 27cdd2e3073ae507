import '../styles/all.css';
