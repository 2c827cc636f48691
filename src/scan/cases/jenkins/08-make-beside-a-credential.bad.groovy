// finds: foreign-code-with-credentials
// --- Jenkinsfile
pipeline {
    agent { label 'linux' }
    options { timeout(time: 30, unit: 'MINUTES') }
    stages {
        stage('Test') {
            steps {
                withCredentials([string(credentialsId: 'license-server', variable: 'LICENSE')]) {
                    sh 'make test'
                }
            }
        }
    }
}
