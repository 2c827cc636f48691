// finds: boxless-build
// --- Jenkinsfile
pipeline {
    agent {
        docker {
            image 'docker:27.3.1@sha256:4b7a6f1d2c3e5a8990b1c2d3e4f5061728394a5b6c7d8e9f0a1b2c3d4e5f6071'
            args '-v /var/run/docker.sock:/var/run/docker.sock'
        }
    }
    options { timeout(time: 30, unit: 'MINUTES') }
    stages {
        stage('Image') {
            steps { sh 'docker build -t app .' }
        }
    }
}
