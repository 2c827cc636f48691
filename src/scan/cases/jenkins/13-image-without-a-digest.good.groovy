// --- Jenkinsfile
pipeline {
    agent { docker { image 'maven:3.9.9@sha256:4b7a6f1d2c3e5a8990b1c2d3e4f5061728394a5b6c7d8e9f0a1b2c3d4e5f6071' } }
    options { timeout(time: 30, unit: 'MINUTES') }
    stages {
        stage('Build') {
            steps { sh 'mvn -B verify' }
        }
    }
}
